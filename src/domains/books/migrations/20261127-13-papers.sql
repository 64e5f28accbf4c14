-- Who wishes to be told each month how the one before went, and of which they were told last.
create table report_wishes (
  seller_id uuid not null references sellers,
  account_id uuid not null references accounts on delete cascade,
  sent_through date,
  primary key (seller_id, account_id)
);

-- Entries that have no number yet: written by the entry's own statement, so that whoever numbers need not look through all there are.
create table ledger_waiting (
  entry_id uuid primary key references ledger_entries,
  seller_id uuid not null references sellers
);
create index on ledger_waiting (seller_id);
create function ledger_waits() returns trigger language plpgsql as $$
begin
  insert into ledger_waiting (entry_id, seller_id) select id, seller_id from fresh;
  return null;
end $$;
create trigger waits after insert on ledger_entries referencing new table as fresh
  for each statement execute function ledger_waits();
insert into ledger_waiting (entry_id, seller_id)
  select id, seller_id from ledger_entries e where not exists (select from ledger_numbers n where n.entry_id = e.id);

-- What makes the order of entries, and each of them, undeniable: the hash of the entry and of the one before it in the seller's chain.
alter table ledger_numbers add column chained integer;
alter table ledger_numbers add column hash bytea;
create unique index ledger_numbers_chain on ledger_numbers (seller_id, chained);
create trigger append_only before update or delete on ledger_numbers for each row execute function append_only();
create trigger never_emptied before truncate on ledger_numbers for each statement execute function append_only();

-- Invoices and credit notes: what they say is frozen when they are issued, their number given after, in order and without gaps.
create table papers (
  id uuid primary key,
  seller_id uuid not null references sellers,
  key text not null,
  kind text not null check (kind in ('invoice', 'credit-note')),
  series text not null,
  number integer check (number > 0),
  issued_on date not null,
  language text not null,
  content jsonb not null,
  issued_at timestamptz not null,
  unique (seller_id, key),
  unique (seller_id, series, number)
);
create index papers_waiting on papers (seller_id, series, issued_at, id) where number is null;
create function frozen_paper() returns trigger language plpgsql as $$
begin
  if old.number is not null or new.content is distinct from old.content or new.series <> old.series or new.issued_on <> old.issued_on then
    raise exception 'a paper stays as it was issued' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger frozen before update on papers for each row execute function frozen_paper();
create trigger append_only before delete on papers for each row execute function append_only();
create trigger never_emptied before truncate on papers for each statement execute function append_only();

-- Sales ask that the seller's row stays; a closing asks for all of it, so that no entry of a closed year slips in beside it.
create function ledger_is_open() returns trigger language plpgsql as $$
declare closed date;
begin
  select closed_through into closed from sellers where id = new.seller_id for key share;
  if closed >= new.booked_on then
    raise exception 'the year of this entry is closed' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger is_open before insert on ledger_entries for each row execute function ledger_is_open();
