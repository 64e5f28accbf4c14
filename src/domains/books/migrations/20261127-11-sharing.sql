-- Who shares what is earned, and how: people, splits with their versions, what was spent and paid, and the distributions that make statements of it.

-- The last day of what is closed: an entry of an earlier day is booked after it.
alter table sellers add column closed_through date;

-- What the books were begun with stays once they hold an entry.
create function seller_keeps() returns trigger language plpgsql as $$
begin
  if (new.currency <> old.currency or new.year_begins <> old.year_begins)
    and exists (select from ledger_entries where seller_id = old.id) then
    raise exception 'the currency and the year of books that hold entries stay' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger keeps before update on sellers for each row execute function seller_keeps();

-- The day by which a line is shared when it is another than the day on which it is booked: that of the sale which a refund takes back.
alter table ledger_lines add column earned_on date;

-- People who share in what a seller earns.
create table payees (
  id uuid primary key,
  seller_id uuid not null references sellers,
  name text not null,
  email text not null default '',
  language text not null default 'en' check (language in ('en', 'fr')),
  artist_id uuid references artists on delete set null,
  created_at timestamptz not null default now(),
  -- No longer offered where shares are given; what is due stays due.
  left_at timestamptz
);
create index on payees (seller_id);

-- One version of how the earnings of a subject are shared. The newest that has begun holds.
create table splits (
  id uuid primary key,
  seller_id uuid not null references sellers,
  -- 'release:<id>', 'track:<id>', 'product:<id>'.
  subject text not null,
  -- What it was called when it was shared.
  title text not null,
  -- 'asked': waits for those whom it concerns.
  state text not null check (state in ('asked', 'agreed', 'refused', 'withdrawn')),
  -- From when it was meant to hold; it begins then, or when all have agreed if that is later.
  asked_from date not null,
  begins_on date,
  -- Whether the costs of the project are taken before shares are.
  recoups_costs boolean not null,
  note text not null default '',
  created_at timestamptz not null,
  created_by uuid references accounts on delete set null,
  decided_at timestamptz,
  check ((state = 'agreed') = (begins_on is not null))
);
create unique index splits_one_asked on splits (seller_id, subject) where state = 'asked';
create index on splits (seller_id, subject, begins_on);

create table split_parts (
  split_id uuid not null references splits on delete cascade,
  -- Null: what the seller keeps.
  payee_id uuid references payees,
  position smallint not null,
  -- Hundredths of a percent.
  share integer not null check (share between 0 and 10000),
  unique nulls not distinct (split_id, payee_id)
);
create index on split_parts (payee_id);

-- Whom a change concerns, and what they said.
create table split_answers (
  split_id uuid not null references splits on delete cascade,
  payee_id uuid not null references payees,
  answer text check (answer in ('agreed', 'refused')),
  answered_at timestamptz,
  -- By the link that they were sent, or otherwise as the seller says.
  said_by text check (said_by in ('link', 'seller')),
  words text not null default '',
  primary key (split_id, payee_id),
  check ((answer is null) = (answered_at is null))
);
