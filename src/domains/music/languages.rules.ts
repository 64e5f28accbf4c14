/** Languages that songs are most often in, by ISO 639 code; `zxx` is for what has no words. Any other code can be kept. */
export const SONG_LANGUAGES = (
  'fr en es pt it de nl ca eu br oc co gsw lb da sv nb fi is ga cy gd pl cs sk hu ro bg sr hr sl uk ru el tr ar ary arz kab he fa ' +
  'ku ber ff wo bm ln sw yo ha am mg zu ht hi ur pa bn ta te zh yue ja ko vi th id ms tl mi haw qu la eo'
).split(' ')

export const NO_WORDS = 'zxx'
export const isLanguageCode = (code: string): boolean => /^[a-z]{2,3}$/.test(code)
