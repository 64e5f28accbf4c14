-- A file that was kept while its form had an error elsewhere becomes one entry, however often the form is sent.
drop index contest_entries_file_id_idx;
create unique index contest_entries_file_id_idx on contest_entries (file_id);
-- When its sender was told that it does not play: once, however often the artist has it tried again.
alter table entry_files add column told_at timestamptz;
