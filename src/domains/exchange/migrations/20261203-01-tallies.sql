-- What is counted of gifts, kept up as facts come in, so that a page does not count millions of rows at each opening (docs/decisions/0096). Nothing here is a
-- source: all of it can be made anew from the spine, and a backup leaves it out.

-- In which transaction a row was written: what a snapshot did not see yet is what it has not counted. 3 is before all of them.
alter table touches add column xid xid8 not null default '3';
alter table touches alter column xid set default pg_current_xact_id();
alter table returns add column xid xid8 not null default '3';
alter table returns alter column xid set default pg_current_xact_id();
create index touches_by_xid on touches (xid);
create index returns_by_xid on returns (xid);

create table tallies (
  -- A gift, the first of those made together; or an artist or a label.
  of_id uuid not null,
  artist_id uuid not null,
  -- By what it is counted: t all of it, d day, w way, s subject, a age in hours.
  by "char" not null,
  key text not null,
  -- 'touch', 'start', 'person', 'fact', or the kind of a return; 'return' where kinds are together.
  kind text not null,
  -- '' of what is not money.
  currency text not null,
  n bigint not null,
  amount bigint not null default 0,
  primary key (of_id, by, key, kind, currency)
) with (fillfactor = 70);
create index on tallies (artist_id);

-- Whom a gift reached, each once.
create table gift_people (
  gift_id uuid not null,
  person_id uuid not null,
  artist_id uuid not null,
  primary key (gift_id, person_id)
);
create index on gift_people (artist_id);

-- In which time zone somebody's days are counted: UTC until they look.
create table tally_zones (artist_id uuid primary key, zone text not null);

-- The last snapshot whose rows are counted, and of which cluster: elsewhere the numbers of transactions mean nothing.
create table tallied (
  one boolean primary key default true check (one),
  cluster text not null,
  snapshot pg_snapshot not null
);

-- Counts what the spine holds and is not counted yet, each row once whatever goes on beside it, and answers with how many rows that were. It must not be
-- called in a transaction that writes to the spine itself.
create function tally_spine() returns bigint language plpgsql
-- Asked several times a second over all months: planned once, for the few rows that are new.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  here text := (select system_identifier from pg_control_system());
  was pg_snapshot;
  counted bigint;
begin
  -- All of it takes long the first time: whoever comes meanwhile does not wait.
  if exists (select from tallied where cluster = here) then
    perform pg_advisory_xact_lock(hashtext('tally of the spine'));
  elsif not pg_try_advisory_xact_lock(hashtext('tally of the spine')) then
    return 0;
  end if;
  select snapshot into was from tallied where cluster = here;
  if was is null then
    delete from tallied;
    delete from tallies;
    delete from gift_people;
    -- Numbers of another cluster's transactions.
    update touches set xid = '3' where xid > pg_current_xact_id();
    update returns set xid = '3' where xid > pg_current_xact_id();
    was := '1:1:';
  elsif not exists (select from touches where xid >= pg_snapshot_xmin(was) and not pg_visible_in_snapshot(xid, was))
    and not exists (select from returns where xid >= pg_snapshot_xmin(was) and not pg_visible_in_snapshot(xid, was)) then
    return 0;
  end if;
  with touched as materialized (
    select artist_id, gift_id, subject, person_id, channel, referrer, token, at from touches
    where xid >= pg_snapshot_xmin(was) and not pg_visible_in_snapshot(xid, was)
  ), came as materialized (
    select id, artist_id, gift_id, subject, kind, referrer, token, amount, currency, reverses, at from returns
    where xid >= pg_snapshot_xmin(was) and not pg_visible_in_snapshot(xid, was)
  ), r as materialized (
    select artist_id, gift_id, subject, kind, referrer, token, amount, currency, at, 1 as n from came where reverses is null
    union all
    select o.artist_id, o.gift_id, o.subject, o.kind, o.referrer, o.token, o.amount, o.currency, o.at, -1
    from came x join returns o on o.id = x.reverses
    where o.reverses is null and not exists (select from returns e where e.reverses = x.reverses and e.id < x.id)
  ), own as materialized (
    select g.id, coalesce(g.operation_id, g.id) as first, g.operation_id is null as is_first, g.at
    from (select gift_id as id from touched union select gift_id from r) of join gifts g using (id)
  ), firsts as materialized (
    select o.id, o.first, o.is_first, coalesce(f.at, o.at) as at from own o left join gifts f on not o.is_first and f.id = o.first
  ), t as materialized (
    -- Being told of several at once is one touch, of the first.
    select x.*, g.first from touched x left join firsts g on g.id = x.gift_id where g.is_first is not false or x.subject not like 'given:%'
  ), c as materialized (
    select r.*, g.first, g.at as given_at from r left join firsts g on g.id = r.gift_id
  ), zones as materialized (
    select artist_id, zone from tally_zones where artist_id in (select artist_id from t union select artist_id from c)
  ), met as (
    insert into gift_people (gift_id, person_id, artist_id)
    select distinct first, person_id, artist_id from t where first is not null and person_id is not null order by 1, 2
    on conflict do nothing returning gift_id, artist_id
  ), deltas as (
    select gift_id as of_id, artist_id, 't'::"char" as by, '' as key, 'person' as kind, '' as currency, 1 as n, 0::bigint as amount from met
    union all select first, artist_id, 't', '', 'touch', '', 1, 0 from t
    union all select first, t.artist_id, 'd', (at at time zone coalesce(z.zone, 'UTC'))::date::text, 'touch', '', 1, 0 from t left join zones z using (artist_id)
    union all select first, artist_id, 'w', tally_way(referrer, token), 'touch', '', 1, 0 from t where channel = 'page'
    union all select first, artist_id, 's', subject, 'start', '', 1, 0 from t where channel = 'start'
    union all select first, artist_id, 't', '', kind, coalesce(currency, ''), n, n * coalesce(amount, 0) from c
    union all select first, c.artist_id, 'd', (at at time zone coalesce(z.zone, 'UTC'))::date::text, kind, coalesce(currency, ''), n, n * coalesce(amount, 0)
      from c left join zones z using (artist_id)
    union all select first, artist_id, 'w', tally_way(referrer, token), 'return', coalesce(currency, ''), case when coalesce(amount, 1) > 0 then n else 0 end, n * coalesce(amount, 0) from c
    union all select first, artist_id, 's', subject, kind, '', n, 0 from c where kind in ('listen', 'download')
    union all select first, artist_id, 'a', tally_age(given_at, at)::text, 'return', '', n, 0 from c where amount is null and first is not null
    union all select artist_id, artist_id, 't', '', 'fact', '', 1, 0 from t
    union all select artist_id, artist_id, 't', '', 'fact', '', n, 0 from c
    union all select c.artist_id, c.artist_id, 'd', (at at time zone coalesce(z.zone, 'UTC'))::date::text, kind, '', n, 0 from c left join zones z using (artist_id) where kind = 'listen'
  ), written as (
    insert into tallies as w (of_id, artist_id, by, key, kind, currency, n, amount)
    select of_id, artist_id, by, key, kind, currency, sum(n), sum(amount) from deltas where of_id is not null
    group by 1, 2, 3, 4, 5, 6 having sum(n) <> 0 or sum(amount) <> 0 order by 1, 3, 4, 5, 6
    on conflict (of_id, by, key, kind, currency) do update set n = w.n + excluded.n, amount = w.amount + excluded.amount
  ), seen as (
    insert into tallied (cluster, snapshot) select here, pg_current_snapshot()
    on conflict (one) do update set snapshot = excluded.snapshot
  )
  select (select count(*) from touched) + (select count(*) from came) into counted;
  return counted;
end $$;

-- The way by which something came, as pages tell ways apart: [host or token, whether it is a token, the site that holds the player]. Tokens that are many and one way
-- together: of links in messages, of those passed on, on posters, in copies.
create function tally_way(referrer text, token text) returns text language sql immutable parallel safe as $$
  select json_build_array(case when left(token, 2) in ('m.', 's.', 'q.', 'c.') then left(token, 2) else coalesce(token, referrer, '') end,
    token is not null, case when token = 'embed' then referrer end)::text
$$;

-- How many whole hours later, four weeks after the twelfth at most: what came after that is not told apart.
create function tally_age(given_at timestamptz, at timestamptz) returns int language sql immutable parallel safe as $$
  select least(16 * 7 * 24, greatest(0, floor(extract(epoch from at - given_at) / 3600)))::int
$$;

-- Days are those of this time zone from now on: they are counted anew when they were another's.
create function tally_days_in(whose uuid, its_zone text) returns void language plpgsql as $$
declare
  was pg_snapshot;
begin
  if not exists (select from tallied) then return; end if;
  perform pg_advisory_xact_lock(hashtext('tally of the spine'));
  if exists (select from tally_zones where artist_id = whose and zone = its_zone) then return; end if;
  select snapshot into was from tallied;
  insert into tally_zones (artist_id, zone) values (whose, its_zone) on conflict (artist_id) do update set zone = excluded.zone;
  delete from tallies where artist_id = whose and by = 'd';
  insert into tallies (of_id, artist_id, by, key, kind, currency, n, amount)
  with t as (
    select coalesce(g.operation_id, g.id) as first, 'touch' as kind, '' as currency, x.at, 1 as n, 0::bigint as amount
    from touches x join gifts g on g.id = x.gift_id
    where x.artist_id = whose and pg_visible_in_snapshot(x.xid, was) and (g.operation_id is null or x.subject not like 'given:%')
  ), r as (
    select coalesce(g.operation_id, g.id) as first, x.kind, coalesce(x.currency, '') as currency, x.at, 1 as n, coalesce(x.amount, 0) as amount
    from returns x left join gifts g on g.id = x.gift_id
    where x.artist_id = whose and pg_visible_in_snapshot(x.xid, was) and x.reverses is null
      and not exists (select from returns e where e.reverses = x.id and pg_visible_in_snapshot(e.xid, was))
  ), all_of_it as (
    select * from t union all select * from r where first is not null union all select whose, kind, '', at, n, 0 from r where kind = 'listen'
  )
  select first, whose, 'd', (at at time zone its_zone)::date::text, kind, currency, sum(n), sum(amount) from all_of_it group by 1, 2, 3, 4, 5, 6;
end $$;

-- What takes longer to read of a gift of which very much came back than a page should wait for, as it was read last.
create table gift_readings (
  gift_id uuid primary key,
  artist_id uuid not null,
  reading jsonb not null,
  read_at timestamptz not null
);
create index on gift_readings (artist_id);

-- Whether somebody had passed something on before they came: asked of each whom they brought.
create index on shares (person_id, artist_id);
