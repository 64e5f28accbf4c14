/** 'small': charges no VAT, being small (in France, article 293 B of the CGI); 'outside': of a country without VAT. */
export type VatRegime = 'small' | 'registered' | 'outside'
