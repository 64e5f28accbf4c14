-- Votes that look as if one hand had cast them may be set aside, with a reason that the result says (docs/decisions/0101). A contest whose rules did not say so keeps them.
alter table contests add column sets_aside boolean not null default false;

create table contest_set_asides (
  id uuid primary key,
  operation_id uuid not null references operations on delete cascade,
  -- What they looked like.
  kind text not null check (kind in ('network', 'pattern', 'mailbox', 'minute')),
  -- Whose votes it took, when it did.
  people integer not null check (people > 0),
  reason text not null check (length(trim(reason)) >= 3),
  set_by uuid references accounts on delete set null,
  set_at timestamptz not null,
  undone_by uuid references accounts on delete set null,
  undone_at timestamptz
);
create index on contest_set_asides (operation_id);

-- Set aside it stays, and is not counted.
alter table contest_votes add column set_aside_id uuid references contest_set_asides;
create index on contest_votes (set_aside_id) where set_aside_id is not null;
