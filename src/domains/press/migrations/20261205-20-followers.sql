-- Who asked, on an artist's page for professionals, to be told of momentum (docs/decisions/0111). Not what fans agree to: no subscription is made of it.
alter table press_pages add column tells_momentum boolean not null default false;

create table press_followers (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  address_id uuid not null references fan_addresses on delete cascade,
  asked_at timestamptz not null,
  -- What they said when they asked last: true once whoever has the address says so.
  asked_with jsonb,
  -- Nothing but the question is sent before.
  confirmed_at timestamptz,
  language text not null check (language in ('en', 'fr')),
  -- The sentence under which they asked.
  wording text not null,
  -- By which private link they came; without one, by the page that everybody sees.
  link_id uuid references press_links on delete set null,
  unique (artist_id, address_id)
);
create index on press_followers (address_id);
create index on press_followers (link_id);

-- A burst that was found for those who are told: days out of the ordinary with less than a week between them are one.
create table press_bursts (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  began_on date not null,
  last_on date not null,
  listens integer not null,
  usual integer not null,
  found_at timestamptz not null,
  unique (artist_id, began_on)
);

-- Of each burst each address is told once, whether or not it still follows.
create table press_tellings (
  burst_id uuid not null references press_bursts on delete cascade,
  address_id uuid not null references fan_addresses on delete cascade,
  delivery_id bigint not null,
  primary key (burst_id, address_id)
);
create index on press_tellings (address_id);
