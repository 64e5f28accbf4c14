-- Since when the seller declares sales to the rest of the EU through the one-stop shop (null: not), and by whose calendar a day is counted.
alter table sellers add column oss_since date;
alter table sellers add column time_zone text not null default 'UTC';
