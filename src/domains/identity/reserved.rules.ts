/**
 * First segments of addresses that belong to the program, now or one day: no artist or label may be named so in a URL.
 * Standards' own paths (feeds, fediverse, OpenSubsonic, ListenBrainz) are here before the code that serves them.
 */
const RESERVED = new Set(
  `studio media assets files images covers icons fonts static public
  rest api api2 1 2 2.0 v1 v2 apis graphql oauth oauth2 auth sso
  embed oembed player listen play stream download downloads zip torrent torrents
  healthz metrics status ping admin administrator root system internal internal-media
  search sitemap sitemap.xml robots robots.txt favicon favicon.ico manifest manifest.webmanifest sw.js service-worker.js
  humans.txt security.txt ads.txt apple-touch-icon.png .well-known well-known
  login logout signin sign-in sign-out signup sign-up register enter account accounts me my settings set-up setup
  legal privacy terms imprint report reports abuse about help contact credits colophon licence license licences licenses
  member members member-feed membership memberships library present presents
  write visitor visitors visit touch touches listens fan fans follow unfollow subscribe unsubscribe confirm consent leave
  feed feeds rss atom json.feed feed.xml feed.json podcast podcasts websub hub
  inbox outbox actor actors users user followers following nodeinfo webfinger activitypub ap ostatus
  artist artists label labels release releases track tracks album albums recording recordings song songs genre genres tag tags
  l new home index journal posts post news shop store code codes basket cart checkout order orders tip tips pay payment payments webhook webhooks hooks
  books statement statements split splits
  live stage shows series contest contests mission missions station stations radio charts playlist playlists press
  mail sms push share s t r l a u p c q g x qr go link links
  en fr de es it pt nl pl ja zh ko ru lang null undefined true false`.split(/\s+/),
)

/** Whether a slug is taken by the program itself. Anything with a dot or an underscore in front is. */
export const isReserved = (slug: string): boolean => slug === '' || /^[._~@-]/.test(slug) || RESERVED.has(slug)
