-- A mailbox of somebody else's mail server that we watch (IMAP): how far it was read.

-- The mailbox of IMAP_URL.
insert into providers (id, channel, kind, name, settings)
  values ('00000000-0000-7000-8000-00000000005f', 'mail', 'imap', '', '{"environment": true}');

create table mailboxes (
  provider_id uuid primary key references providers on delete cascade,
  -- What it was read from: another server, user or folder begins anew.
  whose text not null,
  uid_validity bigint not null,
  -- The first message that was not there when we began, and the last that was taken.
  first_uid bigint not null,
  last_uid bigint not null,
  -- Messages that were there when we began: they stay as they are.
  before integer not null,
  -- Larger than we take: left where they are.
  too_large integer not null default 0,
  started_at timestamptz not null,
  seen_at timestamptz not null
);

-- The same mail by another way in is the same mail.
create index received_mail_ref on received (provider_ref) where channel = 'mail';
