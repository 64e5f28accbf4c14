-- How an artist wants to be bearable.
create table announcement_settings (
  artist_id uuid primary key references artists on delete cascade,
  -- No fan is told more often than `cap_most` times in `cap_days` days; null: no limit.
  cap_most smallint check (cap_most > 0),
  cap_days smallint not null default 7 check (cap_days between 1 and 365),
  -- Between which hours text messages leave, on the recipient's clock; by country where it differs: {"DE": {"from": 9, "to": 20, "sundays": false, "holidays": false}}.
  quiet jsonb not null default '{}',
  -- When a week's announcements go to those who want them once a week: 0 is Sunday; an hour of `digest_zone`.
  digest_day smallint not null default 5 check (digest_day between 0 and 6),
  digest_hour smallint not null default 17 check (digest_hour between 0 and 23),
  digest_zone text not null default 'UTC'
);

-- The last moment at which a delivery may leave (quiet hours); past it, it waits for the next `due_at`. Null: any.
alter table deliveries add column not_after timestamptz;
create index deliveries_late on deliveries (not_after) where state = 'queued' and not_after is not null;
create index deliveries_gathered on deliveries (digest_id) where digest_id is not null;
create index deliveries_held on deliveries (artist_id, channel, address_id) where state = 'held' and digest_id is null;

-- Addresses of messages that were asked for lately, to tell machines that open all of them from people. Forgotten after a day.
create table link_hits (
  delivery_id bigint not null,
  link smallint not null,
  at timestamptz not null
);
create index on link_hits (delivery_id, at);
create index on link_hits (at);
