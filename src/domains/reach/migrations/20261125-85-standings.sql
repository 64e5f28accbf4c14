-- Where each fan stands with each artist: what an audience is counted from, so that its size shows while it is being built. It is kept by
-- triggers, in the transaction of what it is about, since subscriptions, fans and the spine have other owners. Nothing here is a source.
create table standings (
  artist_id uuid not null,
  fan_id uuid not null references fans on delete cascade,
  language text not null default 'en',
  country char(2),
  -- As searchable() has it.
  place text not null default '',
  -- Where they are told, at least once: 1 mail, 2 sms, 4 push. 0: no longer, or not yet.
  channels smallint not null default 0,
  joined_at timestamptz,
  -- The last announcement handed over.
  told_at timestamptz,
  listened_at timestamptz,
  listens integer not null default 0,
  took_at timestamptz,
  takes integer not null default 0,
  answered_at timestamptz,
  bought_at timestamptz,
  primary key (artist_id, fan_id)
) with (fillfactor = 80);
create index on standings (fan_id);

create function channel_bit(text) returns smallint language sql immutable strict parallel safe as $$
  select (case $1 when 'mail' then 1 when 'sms' then 2 when 'push' then 4 else 0 end)::smallint
$$;

-- Which fan a person of the spine is, at that moment: the fan's own person in any case; a visitor's only since the fan agreed to be
-- recognised. Null for everybody else.
create function fan_of(person uuid, moment timestamptz) returns uuid language sql stable strict parallel safe as $$
  select coalesce(
    (select coalesce(f.merged_into, f.id) from fans f where f.person_id = person and f.erased_at is null),
    (select f.id from person_fans p join fans f on f.id = p.fan_id
     where p.person_id = person and f.recognised_since <= moment and f.erased_at is null)
  )
$$;

-- Who they are and where they are told, anew.
create function refresh_members(ids uuid[]) returns void language plpgsql as $$
begin
  delete from standings s using unnest(ids) as one(id), fans f
    where s.fan_id = one.id and f.id = one.id and (f.erased_at is not null or f.merged_into is not null);
  update standings s set channels = 0 from unnest(ids) as one(id) where s.fan_id = one.id and s.channels <> 0
    and not exists (select from subscriptions x where x.fan_id = s.fan_id and x.artist_id = s.artist_id and x.state = 'active');
  insert into standings as s (artist_id, fan_id, language, country, place, channels, joined_at)
    select x.artist_id, f.id, f.language, f.country, searchable(f.place), bit_or(channel_bit(x.channel)), min(x.joined_at)
    from unnest(ids) as one(id) join fans f on f.id = one.id join subscriptions x on x.fan_id = f.id
    where x.state = 'active' and x.artist_id is not null and f.erased_at is null and f.merged_into is null
    group by x.artist_id, f.id order by 1, 2
  on conflict (artist_id, fan_id) do update set language = excluded.language, country = excluded.country, place = excluded.place,
    channels = excluded.channels, joined_at = excluded.joined_at
    where (s.language, s.country, s.place, s.channels, s.joined_at)
      is distinct from (excluded.language, excluded.country, excluded.place, excluded.channels, excluded.joined_at);
end $$;

-- What happened, counted again from the spine: for these fans, or for all when `ids` is null.
create function recount_standings(ids uuid[]) returns void language plpgsql as $$
declare
  whose text := case when ids is null then 'true' else 'x.fan_id = any($1)' end;
begin
  execute format($q$update standings x set told_at = null, listened_at = null, listens = 0, took_at = null, takes = 0,
    answered_at = null, bought_at = null where %s and (told_at is not null or listens <> 0 or takes <> 0 or answered_at is not null or bought_at is not null)$q$, whose)
    using ids;
  execute format($q$
    with whom as (
      select * from (
        select f.person_id, coalesce(f.merged_into, f.id) as fan_id, '-infinity'::timestamptz as since from fans f where f.erased_at is null
        union all
        select p.person_id, f.id, f.recognised_since from person_fans p join fans f on f.id = p.fan_id
        where f.recognised_since is not null and f.erased_at is null
          and not exists (select from fans own where own.person_id = p.person_id)
      ) x where %s
    ), came as (
      select r.artist_id, w.fan_id,
        max(r.at) filter (where r.kind = 'listen') as listened_at, coalesce(sum(case when r.reverses is null then 1 else -1 end) filter (where r.kind = 'listen'), 0) as listens,
        max(r.at) filter (where r.kind = 'download') as took_at, coalesce(sum(case when r.reverses is null then 1 else -1 end) filter (where r.kind = 'download'), 0) as takes,
        max(r.at) filter (where r.kind in ('reply', 'comment')) as answered_at, max(r.at) filter (where r.kind = 'order') as bought_at
      from whom w join returns r on r.person_id = w.person_id and r.at >= w.since group by 1, 2
    ), told as (
      select t.artist_id, w.fan_id, max(t.at) as told_at
      from whom w join touches t on t.person_id = w.person_id and t.at >= w.since
      where t.channel in ('mail', 'sms', 'push') group by 1, 2
    )
    insert into standings as s (artist_id, fan_id, told_at, listened_at, listens, took_at, takes, answered_at, bought_at)
    select artist_id, fan_id, told_at, listened_at, coalesce(listens, 0), took_at, coalesce(takes, 0), answered_at, bought_at
    from came full join told using (artist_id, fan_id) order by 1, 2
    on conflict (artist_id, fan_id) do update set told_at = excluded.told_at, listened_at = excluded.listened_at, listens = excluded.listens,
      took_at = excluded.took_at, takes = excluded.takes, answered_at = excluded.answered_at, bought_at = excluded.bought_at$q$, whose)
    using ids;
end $$;

create function standings_of_subscriptions() returns trigger language plpgsql as $$
declare
  ids uuid[];
begin
  if tg_op = 'INSERT' then select array_agg(distinct fan_id) into ids from new_rows;
  elsif tg_op = 'DELETE' then select array_agg(distinct fan_id) into ids from old_rows;
  else
    select array_agg(distinct fan_id) into ids from (
      select n.fan_id from new_rows n union select o.fan_id from old_rows o
    ) both_sides;
  end if;
  if ids is not null then perform refresh_members(ids); end if;
  return null;
end $$;
create trigger standings_joined after insert on subscriptions referencing new table as new_rows
  for each statement execute function standings_of_subscriptions();
create trigger standings_changed after update on subscriptions referencing old table as old_rows new table as new_rows
  for each statement execute function standings_of_subscriptions();
create trigger standings_left after delete on subscriptions referencing old table as old_rows
  for each statement execute function standings_of_subscriptions();

create function standings_of_fans() returns trigger language plpgsql as $$
declare
  said uuid[];
  known uuid[];
begin
  select array_agg(n.id) into said from new_rows n join old_rows o using (id)
    where (n.language, n.country, n.place, n.merged_into, n.erased_at) is distinct from (o.language, o.country, o.place, o.merged_into, o.erased_at);
  if said is not null then perform refresh_members(said); end if;
  select array_agg(distinct coalesce(n.merged_into, n.id)) into known from new_rows n join old_rows o using (id)
    where n.erased_at is null and (n.recognised_since, n.merged_into, n.person_id) is distinct from (o.recognised_since, o.merged_into, o.person_id);
  if known is not null then perform recount_standings(known); end if;
  return null;
end $$;
create trigger standings_known after update on fans referencing old table as old_rows new table as new_rows
  for each statement execute function standings_of_fans();

create function standings_of_visitors() returns trigger language plpgsql as $$
declare
  ids uuid[];
begin
  if tg_op = 'DELETE' then
    select array_agg(distinct f.id) into ids from old_rows o join fans f on f.id = o.fan_id where f.recognised_since is not null;
  else
    select array_agg(distinct f.id) into ids from new_rows n join fans f on f.id = n.fan_id where f.recognised_since is not null;
  end if;
  if ids is not null then perform recount_standings(ids); end if;
  return null;
end $$;
create trigger standings_recognised after insert on person_fans referencing new table as new_rows
  for each statement execute function standings_of_visitors();
create trigger standings_moved after update on person_fans referencing new table as new_rows
  for each statement execute function standings_of_visitors();
create trigger standings_forgotten after delete on person_fans referencing old table as old_rows
  for each statement execute function standings_of_visitors();

create function standings_of_returns() returns trigger language plpgsql as $$
begin
  insert into standings as s (artist_id, fan_id, listened_at, listens, took_at, takes, answered_at, bought_at)
    select artist_id, fan_id,
      max(at) filter (where kind = 'listen'), coalesce(sum(sign) filter (where kind = 'listen'), 0),
      max(at) filter (where kind = 'download'), coalesce(sum(sign) filter (where kind = 'download'), 0),
      max(at) filter (where kind in ('reply', 'comment')), max(at) filter (where kind = 'order')
    from (select artist_id, fan_of(person_id, at) as fan_id, kind, at, case when reverses is null then 1 else -1 end as sign from new_rows) came
    where fan_id is not null group by 1, 2 order by 1, 2
  on conflict (artist_id, fan_id) do update set
    listened_at = greatest(s.listened_at, excluded.listened_at), listens = s.listens + excluded.listens,
    took_at = greatest(s.took_at, excluded.took_at), takes = s.takes + excluded.takes,
    answered_at = greatest(s.answered_at, excluded.answered_at), bought_at = greatest(s.bought_at, excluded.bought_at);
  return null;
end $$;
create trigger standings_came_back after insert on returns referencing new table as new_rows
  for each statement execute function standings_of_returns();

create function standings_of_touches() returns trigger language plpgsql as $$
begin
  insert into standings as s (artist_id, fan_id, told_at)
    select artist_id, fan_id, max(at)
    from (select artist_id, fan_of(person_id, at) as fan_id, at from new_rows where channel in ('mail', 'sms', 'push')) told
    where fan_id is not null group by 1, 2 order by 1, 2
  on conflict (artist_id, fan_id) do update set told_at = greatest(s.told_at, excluded.told_at);
  return null;
end $$;
create trigger standings_told after insert on touches referencing new table as new_rows
  for each statement execute function standings_of_touches();

select refresh_members(array(select id from fans));
select recount_standings(null);
