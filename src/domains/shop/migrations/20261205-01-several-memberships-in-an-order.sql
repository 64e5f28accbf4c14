-- Somebody may become a member of several things with one order: each has a period by it.
alter table member_periods
  drop constraint member_periods_pkey,
  add primary key (order_id, membership_id);
