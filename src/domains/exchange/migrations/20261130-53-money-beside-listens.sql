-- Among very many listens, the few returns that are money or a thing taken are found by their gift and by their person.
create index returns_money_by_gift on returns (gift_id, currency) where amount is not null;
create index returns_money_by_person on returns (person_id, artist_id) where amount is not null;
create index returns_taken_by_gift on returns (gift_id, person_id) where kind in ('download', 'acceptance');
