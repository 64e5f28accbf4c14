alter table kept_cards
  -- A payment that anybody may have made began the membership again while it rested, and this card with it: nothing is taken from it until its owner agrees anew.
  add column waits_since timestamptz,
  -- What its owner agreed to later with the same card: it counts in place of that by which the card was kept, which names the card for good.
  add column renewed_id uuid unique references charge_agreements;
