-- Since when a text that was nobody's is with whom the host handed it to, as long as that can be taken back: then it counts as something that came back.
alter table received add column handed_on_at timestamptz;
