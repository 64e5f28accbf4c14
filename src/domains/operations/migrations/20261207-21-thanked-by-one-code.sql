-- Somebody who is thanked twice by codes of one batch has one of it: the same (docs/decisions/0114). That a code is one person's, given_codes says.
drop index mission_thanks_code;
