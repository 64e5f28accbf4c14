/** Pages whose address itself lets somebody in, or acts for them. */
const KEYED = new RegExp(
  `^(/(?:${[
    ...['member', 'member-feed', 'library', 'order', 'present', 'fan', 'confirm', 'leave', 'code', 'basket', 'press'],
    ...['take', 'studio/enter', 'studio/calendar', 'books/split', 'books/statement', 'journal/comments'],
    ...['missions/contribution', 'contests/(?:ballot|entry|jury)'],
  ].join('|')})/).*`,
  's',
)

/** A path as the log may know it: a link that lets somebody in is not for it. */
export const withoutToken = (path: string): string => path.replace(KEYED, '$1…')
