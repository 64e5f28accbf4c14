-- Public pages are kept rendered in memory by every web process. Whatever changes something that they show says so here, in its
-- own transaction; each process hears it after the commit and renders anew (platform/http/page-cache). Notifications of
-- one transaction are one. A table whose rows appear on public pages belongs in this list.
create function pages_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('pages_changed', '');
  return null;
end $$;

do $$
declare
  shown text;
begin
  foreach shown in array array[
    'site_settings', 'labels', 'artists', 'slugs', 'mandates', 'images',
    'releases', 'release_slugs', 'release_artists', 'recordings', 'recording_artists', 'tracks', 'track_slugs', 'credits', 'bonus_files',
    'renditions'
  ] loop
    execute format(
      'create trigger pages_changed after insert or update or delete or truncate on %I for each statement execute function pages_changed()',
      shown
    );
  end loop;
end $$;

create trigger pages_changed after insert or delete or truncate on masters for each statement execute function pages_changed();
-- While a master is being prepared its progress is written every few seconds, which no public page shows.
create trigger pages_changed_by_master after update on masters for each row
  when (old.state is distinct from new.state or old.sha256 is distinct from new.sha256 or old.loudness is distinct from new.loudness
    or old.duration_ms is distinct from new.duration_ms or old.recording_id is distinct from new.recording_id)
  execute function pages_changed();
