-- How far a load has come is said by rows that are added, not by one that is written over: several may say so at once.
alter table hand_outcomes add column begun integer not null default 0;
insert into hand_outcomes (holder, load, outcomes, begun) select holder, load, '[]', begun from hand_loads where begun > 0;
alter table hand_loads drop column begun;
