-- What is new is few, also where the spine is large (docs/decisions/0098): each time it was read as if a third of all rows were new, and all gifts beside it.

-- The rows that one snapshot saw and an earlier one did not, or all that it saw of a month (`2026_12`). Functions, so that who asks plans for so many.
create function untallied_touches(was pg_snapshot, now_seen pg_snapshot, month text) returns setof touches language plpgsql rows 200 as $$
begin
  if month is null then
    return query select * from touches where xid >= pg_snapshot_xmin(was) and not pg_visible_in_snapshot(xid, was) and pg_visible_in_snapshot(xid, now_seen);
  else
    return query execute format('select * from %I where pg_visible_in_snapshot(xid, $1)', 'touches_' || month) using now_seen;
  end if;
end $$;
create function untallied_returns(was pg_snapshot, now_seen pg_snapshot, month text) returns setof returns language plpgsql rows 200 as $$
begin
  if month is null then
    return query select * from returns where xid >= pg_snapshot_xmin(was) and not pg_visible_in_snapshot(xid, was) and pg_visible_in_snapshot(xid, now_seen);
  else
    return query execute format('select * from %I where pg_visible_in_snapshot(xid, $1)', 'returns_' || month) using now_seen;
  end if;
end $$;

-- Written into the query that asks it only when it promises no more than what it calls.
alter function tally_way(text, text) stable;

-- As before: counts what the spine holds and is not counted yet, each row once whatever goes on beside it, and answers with how many rows that were. It must not be
-- called in a transaction that writes to the spine itself.
create or replace function tally_spine() returns bigint language plpgsql
-- Asked several times a second over all months: planned once, for the few rows that are new.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  here text := (select system_identifier from pg_control_system());
  was pg_snapshot;
  now_seen pg_snapshot;
  month text;
  counted bigint;
  total bigint := 0;
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
  elsif not exists (select from touches where xid >= pg_snapshot_xmin(was) and not pg_visible_in_snapshot(xid, was))
    and not exists (select from returns where xid >= pg_snapshot_xmin(was) and not pg_visible_in_snapshot(xid, was)) then
    return 0;
  end if;
  -- A page does not wait for the disk: what a crash loses of this is counted again, since the snapshot is lost with it.
  perform set_config('synchronous_commit', 'off', true);
  now_seen := pg_current_snapshot();
  -- All of it a month at a time, which bounds what is held; what is new at once.
  foreach month in array case when was is null then (
    select array_agg(distinct right(c.relname, 7)) from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'touches'::regclass
  ) else array[null] end
  loop
    with touched as materialized (
      select artist_id, gift_id, subject, person_id, channel, referrer, token, at from untallied_touches(was, now_seen, month)
    ), came as materialized (
      select id, artist_id, gift_id, subject, kind, referrer, token, amount, currency, reverses, at from untallied_returns(was, now_seen, month)
    ), r as materialized (
      select artist_id, gift_id, subject, kind, referrer, token, amount, currency, at, 1 as n from came where reverses is null
      union all
      select o.artist_id, o.gift_id, o.subject, o.kind, o.referrer, o.token, o.amount, o.currency, o.at, -1
      from came x cross join lateral (select * from returns o where o.id = x.reverses limit 1) o
      where x.reverses is not null and o.reverses is null and not exists (
        -- Set right twice it is off once: not when that was counted, and of those that are new by the first.
        select from returns e where e.reverses = x.reverses
          and (pg_visible_in_snapshot(e.xid, coalesce(was, '1:1:')) or (e.id < x.id and pg_visible_in_snapshot(e.xid, now_seen))))
    ), gave as materialized (
      -- Each found by its id: joined, all gifts would be read for a few.
      select g.id, coalesce(g.operation_id, g.id) as first, g.operation_id is null as is_first,
        case when g.operation_id is null then g.at else coalesce((select f.at from gifts f where f.id = g.operation_id limit 1), g.at) end as at
      from (select gift_id as id from touched union select gift_id from r) of cross join lateral (select * from gifts g where g.id = of.id limit 1) g
    ), t as materialized (
      -- Being told of several at once is one touch, of the first.
      select x.*, g.first from touched x left join gave g on g.id = x.gift_id where g.is_first is not false or x.subject not like 'given:%'
    ), c as materialized (
      select r.*, g.first, g.at as given_at from r left join gave g on g.id = r.gift_id
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
    )
    select (select count(*) from touched) + (select count(*) from came) into counted;
    total := total + counted;
  end loop;
  insert into tallied (cluster, snapshot) values (here, now_seen) on conflict (one) do update set snapshot = excluded.snapshot;
  return total;
end $$;
