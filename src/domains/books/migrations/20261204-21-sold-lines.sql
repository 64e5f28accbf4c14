-- What statements are made of is read from the index alone, subject by subject: the lines of one thing lie far apart in a ledger that is written by the day.
create index ledger_lines_sold on ledger_lines (subject, booked_on)
  include (account_id, country, earned_on, base_amount, quantity) where subject is not null;
drop index ledger_lines_by_subject;
-- Which pages are seen by everybody is what lets an index answer alone. The table only grows, and by a fifth between two vacuums would be a year's worth.
alter table ledger_lines set (autovacuum_vacuum_insert_scale_factor = 0.02);
