-- What sending services told us, by the name that each thing has once: told again, it is refused.
create table hook_tokens (
  provider_id uuid not null references providers on delete cascade,
  token text not null,
  at timestamptz not null,
  primary key (provider_id, token)
);
create index on hook_tokens (at);
