-- A label has a language and a time zone of its own (docs/decisions/0069). Until now its pages took those of whoever worked for it: the first who did, said so.
alter table labels add column language text not null default 'en';
alter table labels add column time_zone text;
update labels set language = coalesce(
  (select a.language from memberships m join accounts a on a.id = m.account_id where m.label_id = labels.id order by m.created_at, m.id limit 1), 'en');

-- Who speaks to fans and hears from them: artists and labels, as far as they are alike.
create view senders as
  select id, id as artist_id, null::uuid as label_id, slug, name, language, time_zone, theme, portrait_image_id as image_id from artists
  union all
  select id, null, id, slug, name, language, time_zone, '{}', image_id from labels;
