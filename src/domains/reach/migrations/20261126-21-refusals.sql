-- A mailing that is refused as such (RFC 3463, 5.7.x: policy) by one server after the other is paused, before all of the list was refused.
alter table announcements
  -- How many were refused so in a row, and since when; whoever takes one ends the row.
  add column refusals integer not null default 0,
  add column refused_since timestamptz,
  -- Why it was paused by itself: what was said to the last of them. Null when a person paused it.
  add column stopped text;
