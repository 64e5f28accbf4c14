-- A refund of a whole period ends the membership. What it was until then is kept beside the period: money that was sent back may fail to arrive weeks later.
alter table member_periods add column ended_from text check (ended_from in ('active', 'paused', 'resting', 'left'));
