-- A label announces to its own fans as an artist does to theirs (docs/decisions/0055).

alter table announcements alter column artist_id drop not null;
alter table announcements add column label_id uuid references labels on delete cascade;
alter table announcements add check (num_nonnulls(artist_id, label_id) = 1);
-- The artist whose music or post a label gives, from the moment that it leaves: it goes on only while that artist lets it.
alter table announcements add column given_by uuid;
create index on announcements (label_id, created_at) where label_id is not null;

alter table announcement_settings drop constraint announcement_settings_pkey;
alter table announcement_settings alter column artist_id drop not null;
alter table announcement_settings add column label_id uuid references labels on delete cascade;
alter table announcement_settings add check (num_nonnulls(artist_id, label_id) = 1);
alter table announcement_settings add constraint announcement_settings_of unique nulls not distinct (artist_id, label_id);

create index deliveries_held_of_label on deliveries (label_id, channel, address_id) where held and digest_id is null and label_id is not null;

-- Whether an announcement may go on leaving.
create function may_still_give(label uuid, artist uuid) returns boolean language sql stable parallel safe as $$
  select label is null or artist is null or exists (
    select from mandates m join artists a on a.id = m.artist_id and a.goes_at is null
    where m.label_id = label and m.artist_id = artist and m.revoked_at is null and 'announce.send' = any(m.permissions))
$$;

-- `standings.artist_id` is whose fan it is: an artist's or a label's. Ids are random, so the two never meet.
create or replace function refresh_members(ids uuid[]) returns void language plpgsql as $$
begin
  delete from standings s using unnest(ids) as one(id), fans f
    where s.fan_id = one.id and f.id = one.id and (f.erased_at is not null or f.merged_into is not null);
  update standings s set channels = 0 from unnest(ids) as one(id) where s.fan_id = one.id and s.channels <> 0
    and not exists (select from subscriptions x where x.fan_id = s.fan_id and coalesce(x.artist_id, x.label_id) = s.artist_id and x.state = 'active');
  insert into standings as s (artist_id, fan_id, language, country, place, channels, joined_at)
    select coalesce(x.artist_id, x.label_id), f.id, f.language, f.country, searchable(f.place), bit_or(channel_bit(x.channel)), min(x.joined_at)
    from unnest(ids) as one(id) join fans f on f.id = one.id join subscriptions x on x.fan_id = f.id
    where x.state = 'active' and f.erased_at is null and f.merged_into is null
    group by 1, f.id order by 1, 2
  on conflict (artist_id, fan_id) do update set language = excluded.language, country = excluded.country, place = excluded.place,
    channels = excluded.channels, joined_at = excluded.joined_at
    where (s.language, s.country, s.place, s.channels, s.joined_at)
      is distinct from (excluded.language, excluded.country, excluded.place, excluded.channels, excluded.joined_at);
end $$;
select refresh_members(array(select distinct fan_id from subscriptions where label_id is not null));
