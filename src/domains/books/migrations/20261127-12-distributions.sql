-- What a seller spent on a project, paid in advance and paid out, each with its proof. The ledger has the amounts; this has what a person said of them.
create table outlays (
  id uuid primary key,
  seller_id uuid not null references sellers,
  kind text not null check (kind in ('cost', 'advance', 'payout')),
  -- To whom, of advances and payouts.
  payee_id uuid references payees,
  -- What a cost was spent on, and what that was called.
  subject text,
  title text not null default '',
  -- Minor units of the currency of the books, VAT included.
  amount bigint not null check (amount > 0),
  vat bigint not null default 0 check (vat >= 0 and vat < amount),
  paid_on date not null,
  paid_from text not null check (paid_from in ('bank', 'cash', 'owner')),
  note text not null default '',
  storage_key text,
  file_name text not null default '',
  file_type text not null default '',
  size bigint,
  recorded_at timestamptz not null,
  recorded_by uuid references accounts on delete set null,
  reversed_at timestamptz,
  check ((kind = 'cost') = (payee_id is null)),
  check ((kind = 'cost') = (subject is not null)),
  check ((storage_key is null) = (size is null))
);
create index on outlays (seller_id, kind, paid_on);
create index on outlays (payee_id);

-- What was earned until a day, given to those who share: one entry of the ledger, one statement a person.
create table distributions (
  id uuid primary key,
  seller_id uuid not null references sellers,
  number integer not null,
  from_day date,
  through date not null,
  -- What everything came to until then, since ever (distribution.rules.ts): the next one gives what is more.
  state jsonb not null,
  -- Given by this one, minor units of the currency of the books.
  given bigint not null,
  made_at timestamptz not null,
  made_by uuid references accounts on delete set null,
  unique (seller_id, through),
  unique (seller_id, number),
  check (from_day is null or from_day <= through)
);

-- What a person is told, as it was: never made anew.
create table statements (
  id uuid primary key,
  distribution_id uuid not null references distributions,
  seller_id uuid not null references sellers,
  payee_id uuid not null references payees,
  language text not null,
  content jsonb not null,
  earned bigint not null,
  balance bigint not null,
  sent_at timestamptz,
  unique (distribution_id, payee_id)
);
create index on statements (payee_id);

-- `append_only()` refuses every update; of these only who was told, and the files' places, may change.
create function frozen_statement() returns trigger language plpgsql as $$
begin
  if new.content is distinct from old.content or new.earned <> old.earned or new.balance <> old.balance then
    raise exception 'a statement stays as it was sent' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger frozen before update on statements for each row execute function frozen_statement();
create trigger append_only before update or delete on distributions for each row execute function append_only();
