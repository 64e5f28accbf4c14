-- Since when a message should have left that was planned anew meanwhile: its network was away, or its hours passed. Null while it is on time.
alter table deliveries add column late_since timestamptz;
