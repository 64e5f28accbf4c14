-- A text message that came in for nobody whom we could tell: whoever hosts the place hands it to somebody, or puts it aside.
alter table received add column aside_at timestamptz;
create index on received (received_at) where understood = 'unknown' and channel = 'sms' and forgotten_at is null;
