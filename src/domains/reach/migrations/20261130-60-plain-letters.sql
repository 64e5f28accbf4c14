-- Whoever writes has agreed that text messages say letters that telephones lack with those they have (ê as e, œ as oe).
alter table announcements add column plain_letters boolean not null default false;
