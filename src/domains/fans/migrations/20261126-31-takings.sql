-- Somebody gave an address to take something home: one row for each item and address, so that nobody is counted twice.
create table takings (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  -- 'release:<id>' or 'track:<id>', and the release that it belongs to.
  subject text not null,
  given_as text not null,
  -- The address, signed together with given_as: two takings of one release by one address are told to be one, nothing else can be read from it.
  mark text not null,
  -- What opens it: the link holds it signed, passes name it. A new one after the old has ended or was closed.
  key text not null unique,
  channel text not null check (channel in ('mail', 'sms')),
  -- For the link that is sent there, and no longer than that link.
  address text,
  language text not null,
  -- Only of those who asked to be written to.
  fan_id uuid references fans on delete set null,
  -- By which way they came: 'q.<code>' of a poster, 'm.<code>' of a message.
  token text,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  closed_at timestamptz,
  unique (subject, mark)
);
create index on takings (given_as);
create index on takings (fan_id) where fan_id is not null;
create index on takings (expires_at) where address is not null;
