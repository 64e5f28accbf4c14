-- The same for one subject: who took or heard this very thing, found by its index instead of among all that ever came back.
create table subject_standings (
  artist_id uuid not null,
  subject text not null,
  fan_id uuid not null references fans on delete cascade,
  listens integer not null default 0,
  listened_at timestamptz,
  takes integer not null default 0,
  took_at timestamptz,
  -- All that is asked of it stands in the index: the rows themselves lie anywhere.
  primary key (artist_id, subject, fan_id) include (takes, took_at, listens, listened_at)
) with (fillfactor = 80);
create index on subject_standings (fan_id);

create or replace function standings_of_returns() returns trigger language plpgsql as $$
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
  insert into subject_standings as s (artist_id, subject, fan_id, listened_at, listens, took_at, takes)
    select artist_id, subject, fan_id,
      max(at) filter (where kind = 'listen'), coalesce(sum(sign) filter (where kind = 'listen'), 0),
      max(at) filter (where kind = 'download'), coalesce(sum(sign) filter (where kind = 'download'), 0)
    from (select artist_id, subject, fan_of(person_id, at) as fan_id, kind, at, case when reverses is null then 1 else -1 end as sign
      from new_rows where kind in ('listen', 'download')) came
    where fan_id is not null group by 1, 2, 3 order by 1, 2, 3
  on conflict (artist_id, subject, fan_id) do update set
    listened_at = greatest(s.listened_at, excluded.listened_at), listens = s.listens + excluded.listens,
    took_at = greatest(s.took_at, excluded.took_at), takes = s.takes + excluded.takes;
  return null;
end $$;

-- What happened to subjects, counted again from the spine: for these fans, or for all when `ids` is null.
create function recount_subject_standings(ids uuid[]) returns void language plpgsql as $$
declare
  whose text := case when ids is null then 'true' else 'x.fan_id = any($1)' end;
begin
  execute format('delete from subject_standings x where %s', whose) using ids;
  execute format($q$
    with whom as (
      select * from (
        select f.person_id, coalesce(f.merged_into, f.id) as fan_id, '-infinity'::timestamptz as since from fans f where f.erased_at is null
        union all
        select p.person_id, f.id, f.recognised_since from person_fans p join fans f on f.id = p.fan_id
        where f.recognised_since is not null and f.erased_at is null
          and not exists (select from fans own where own.person_id = p.person_id)
      ) x where %s
    )
    insert into subject_standings (artist_id, subject, fan_id, listened_at, listens, took_at, takes)
    select r.artist_id, r.subject, w.fan_id,
      max(r.at) filter (where r.kind = 'listen'), coalesce(sum(case when r.reverses is null then 1 else -1 end) filter (where r.kind = 'listen'), 0),
      max(r.at) filter (where r.kind = 'download'), coalesce(sum(case when r.reverses is null then 1 else -1 end) filter (where r.kind = 'download'), 0)
    from whom w join returns r on r.person_id = w.person_id and r.at >= w.since
    where r.kind in ('listen', 'download') group by 1, 2, 3$q$, whose) using ids;
end $$;

alter function recount_standings(uuid[]) rename to recount_whole_standings;
create function recount_standings(ids uuid[]) returns void language plpgsql as $$
begin
  perform recount_whole_standings(ids);
  perform recount_subject_standings(ids);
end $$;

select recount_subject_standings(null);
