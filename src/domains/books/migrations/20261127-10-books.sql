-- The books: double entry, one set a seller. Entries never change; what was wrong is reversed by another entry.

-- Who sells and answers for it: the legal person behind an artist or a label. Stays when the artist leaves, for as long as the law keeps books.
create table sellers (
  id uuid primary key,
  artist_id uuid unique references artists on delete set null,
  label_id uuid unique references labels on delete set null,
  legal_name text not null,
  -- {"lines": ["…"], "postcode": "…", "city": "…", "region": "…"}
  address jsonb not null default '{}',
  country char(2) not null,
  -- SIREN in France, else the number in the register of the country.
  register_number text not null default '',
  -- 'small' (no VAT is charged; in France article 293 B of the CGI), 'registered', 'outside' (no VAT in that country).
  vat_regime text not null check (vat_regime in ('small', 'registered', 'outside')),
  vat_number text not null default '',
  -- In which the books are kept (ISO 4217).
  currency char(3) not null,
  -- The month in which the year of the books begins.
  year_begins smallint not null default 1 check (year_begins between 1 and 12),
  created_at timestamptz not null default now(),
  check (num_nonnulls(artist_id, label_id) <= 1),
  check ((vat_regime = 'registered') = (vat_number <> ''))
);

create table ledger_accounts (
  id uuid primary key,
  seller_id uuid not null references sellers,
  -- A key of account-plan.rules.ts: 'customers', 'bank', 'sales' …
  kind text not null,
  -- Which one of that kind: a person's id, a provider's name, 'FR:2000' for VAT at 20 % in France; empty where there is one.
  of text not null default '',
  unique (seller_id, kind, of)
);

create table ledger_entries (
  id uuid primary key,
  seller_id uuid not null references sellers,
  -- What makes it this entry and no other: recorded twice, it stands once.
  key text not null,
  -- 'sale', 'refund', 'fee' …: tells what happened; the journal of the accountant follows from it.
  kind text not null,
  booked_on date not null,
  -- The paper behind it: an order's or an invoice's number, the bank's reference.
  reference text not null default '',
  note text not null default '',
  reverses uuid unique references ledger_entries,
  lines smallint not null check (lines >= 2),
  recorded_at timestamptz not null,
  unique (seller_id, key)
);
create index on ledger_entries (seller_id, booked_on, id);

create table ledger_lines (
  entry_id uuid not null references ledger_entries,
  position smallint not null,
  account_id uuid not null references ledger_accounts,
  booked_on date not null,
  -- Minor units, debit above zero and credit below.
  amount bigint not null,
  currency char(3) not null,
  -- The same in the currency of the books, at the rate of the day on which it happened.
  base_amount bigint not null,
  -- What it is about, '<kind>:<id>', where it was sold and how many: what statements are made of.
  subject text,
  country char(2),
  quantity integer,
  primary key (entry_id, position),
  check (amount <> 0 or base_amount <> 0)
);
create index ledger_lines_by_account on ledger_lines (account_id, booked_on);
create index ledger_lines_by_subject on ledger_lines (subject, booked_on) where subject is not null;

-- All lines of an entry are written by one statement and sum to zero, in each currency and in that of the books.
create function ledger_balances() returns trigger language plpgsql as $$
begin
  if exists (select from fresh group by entry_id, currency having sum(amount) <> 0)
    or exists (select from fresh group by entry_id having sum(base_amount) <> 0) then
    raise exception 'an entry of the books does not balance' using errcode = 'check_violation';
  end if;
  if exists (
    select from (select entry_id, count(*) as found from fresh group by entry_id) written
    join ledger_entries e on e.id = written.entry_id where e.lines <> written.found
  ) then
    raise exception 'an entry of the books is written whole' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger balances after insert on ledger_lines referencing new table as fresh
  for each statement execute function ledger_balances();

-- `append_only()` is made by the migration of fans.
create trigger append_only before update or delete on ledger_entries for each row execute function append_only();
create trigger append_only before update or delete on ledger_lines for each row execute function append_only();
create trigger never_emptied before truncate on ledger_entries for each statement execute function append_only();
create trigger never_emptied before truncate on ledger_lines for each statement execute function append_only();

-- The numbers of the accountant, without gaps in each year of a seller's books. Given after the fact and in order, so that buyers at the same
-- moment do not wait for one another.
create table ledger_numbers (
  seller_id uuid not null references sellers,
  -- The year in which the year of the books begins.
  year smallint not null,
  number integer not null check (number > 0),
  entry_id uuid not null unique references ledger_entries,
  numbered_at timestamptz not null default now(),
  primary key (seller_id, year, number)
);
