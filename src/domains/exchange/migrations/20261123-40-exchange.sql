-- The spine: what was given, whom it reached, what came back. Append-only, partitioned by month; corrections are reversing rows.

-- A unique index on a partitioned table must hold the partition's column, so the same fact recorded on both sides of midnight
-- would count twice: this table is written first, and what is there already is not recorded again.
create table facts (
  artist_id uuid not null,
  key text not null,
  primary key (artist_id, key)
);

create table gifts (
  id uuid not null,
  artist_id uuid not null,
  -- 'release', later 'post', 'show', 'code' …
  kind text not null,
  -- '<kind>:<id>' as in exchange's subjects, for example 'release:0190…'.
  subject text not null,
  audience text not null default 'everyone',
  operation_id uuid,
  at timestamptz not null,
  primary key (id, at)
) partition by range (at);
create index gifts_by_artist on gifts (artist_id, at);
create index gifts_by_subject on gifts (subject);

create table touches (
  id uuid not null,
  artist_id uuid not null,
  gift_id uuid,
  subject text not null,
  person_id uuid,
  -- 'page', 'start' (a track began), later 'mail', 'sms' …
  channel text not null,
  -- Host of the page that led here, or null; token of a link or embed, or null.
  referrer text,
  token text,
  at timestamptz not null,
  primary key (id, at)
) partition by range (at);
create index touches_by_artist on touches (artist_id, at);
create index touches_by_gift on touches (gift_id, at);
create index touches_by_person on touches (person_id);

create table returns (
  id uuid not null,
  artist_id uuid not null,
  gift_id uuid,
  subject text not null,
  person_id uuid,
  -- 'listen', 'download', later 'reply', 'share', 'order' …
  kind text not null,
  referrer text,
  token text,
  amount bigint,
  currency char(3),
  -- The row that this one reverses.
  reverses uuid,
  details jsonb not null default '{}',
  at timestamptz not null,
  primary key (id, at),
  check ((amount is null) = (currency is null))
) partition by range (at);
create index returns_by_artist on returns (artist_id, at);
create index returns_by_gift on returns (gift_id, at);
create index returns_by_person on returns (person_id);

-- Makes the monthly partitions that hold every moment from `first` to `last`; those that exist stay as they are. Each is made apart and then
-- attached, which lets readers and writers go on: `create table … partition of` would lock them out, and two of them into a deadlock.
create function ensure_spine_partitions(first timestamptz, last timestamptz) returns void
language plpgsql as $$
declare
  month date := date_trunc('month', first at time zone 'UTC');
  spine text;
  part text;
begin
  while month <= last at time zone 'UTC' loop
    foreach spine in array array['gifts', 'touches', 'returns'] loop
      part := format('%s_%s', spine, to_char(month, 'YYYY_MM'));
      if to_regclass(part) is null then
        perform pg_advisory_xact_lock(hashtext('spine partitions'));
        -- Asked of the table itself: to_regclass may still answer from before we waited.
        if not exists (select from pg_class where relname = part and relnamespace = 'public'::regnamespace) then
          execute format('create table %I (like %I including defaults including constraints)', part, spine);
          execute format('alter table %I attach partition %I for values from (%L) to (%L)', spine, part,
            month::text || ' 00:00:00+00', (month + interval '1 month')::date::text || ' 00:00:00+00');
        end if;
      end if;
    end loop;
    month := month + interval '1 month';
  end loop;
end $$;

select ensure_spine_partitions(now(), now() + interval '3 months');

-- A person is a random id; who it is stands here alone. Erasing deletes the mapping.
create table person_visitors (
  -- Hash of the visitor's first-party random id.
  visitor_hash text primary key,
  person_id uuid not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
create index on person_visitors (person_id);

-- Mixed into what tells two cookieless visitors of one day apart; gone two days later, and with it any way back.
create table daily_salts (
  day date primary key,
  salt text not null
);
