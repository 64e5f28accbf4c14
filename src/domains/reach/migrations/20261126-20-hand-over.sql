-- A hundred thousand rows that go through three states each: a change of state shall write one row and touch as few indexes as can be.

-- True while a row may still leave: what the partial indexes ask, so that taking a row ('queued' to 'handing') and a receipt ('handed' to
-- 'delivered') change no column that stands in any index (heap-only updates).
alter table deliveries add column waits boolean generated always as (case when state in ('queued', 'handing', 'held') then true end) stored,
  -- Held for a week's digest.
  add column held boolean generated always as (case when state = 'held' then true end) stored;
alter table deliveries set (fillfactor = 70);

drop index deliveries_due;
drop index deliveries_handing;
drop index deliveries_late;
drop index deliveries_held;
drop index deliveries_once;
drop index deliveries_of_announcement;
drop index deliveries_by_ref;
-- One index for both: an announcement's rows, and that each address has one of them.
create unique index deliveries_once on deliveries (announcement_id, address_id);
create index deliveries_due on deliveries (announcement_id, channel, due_at, id) where waits;
create index deliveries_late on deliveries (not_after) where waits and not_after is not null;
create index deliveries_held on deliveries (artist_id, channel, address_id) where held and digest_id is null;
-- The provider behind its name for a message: before the first is handed over nobody can guess how many a provider has, and what is guessed is read.
create index deliveries_by_ref on deliveries (provider_ref, provider_id) where provider_ref is not null;
-- Without a reference, as for fan and address: what was sent stays counted when its provider is gone, and a reference costs a look at each row.
alter table deliveries drop constraint deliveries_provider_id_fkey;

-- What a run has taken, and how far it has come: rows of `ids` up to `begun` may have been spoken of. Written before the provider is spoken to,
-- so that after a crash only those are uncertain; gone when what became of all is in their rows.
create table hand_loads (
  holder text not null,
  load integer not null,
  provider_id uuid not null,
  announcement_id uuid,
  ids bigint[] not null,
  begun integer not null default 0,
  primary key (holder, load)
) with (fillfactor = 50);
alter table hand_loads alter column ids set storage external;

-- What is known of them and not in their rows yet, as JSON.
create table hand_outcomes (
  holder text not null,
  load integer not null,
  outcomes text not null
);
create index on hand_outcomes (holder, load);

-- The same as before for many rows at once: whom each person is, is joined instead of asked one by one.
create or replace function standings_of_touches() returns trigger language plpgsql as $$
begin
  insert into standings as s (artist_id, fan_id, told_at)
    select artist_id, fan_id, max(at) from (
      select n.artist_id, coalesce(f.merged_into, f.id) as fan_id, n.at
      from new_rows n join fans f on f.person_id = n.person_id
      where n.channel in ('mail', 'sms', 'push') and f.erased_at is null
      union all
      select n.artist_id, f.id, n.at
      from new_rows n join person_fans p on p.person_id = n.person_id join fans f on f.id = p.fan_id
      where n.channel in ('mail', 'sms', 'push') and f.recognised_since <= n.at and f.erased_at is null
        and not exists (select from fans own where own.person_id = n.person_id and own.erased_at is null)
    ) told group by 1, 2 order by 1, 2
  on conflict (artist_id, fan_id) do update set told_at = excluded.told_at where s.told_at is null or s.told_at < excluded.told_at;
  return null;
end $$;
