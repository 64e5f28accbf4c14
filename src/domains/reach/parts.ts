import type { Parts } from './channel.types.ts'
import { composeAnnouncement } from './compose-announcement.ts'
import { mailChannel } from './mail/channel.ts'
import { smppChannel } from './providers/smpp/channel.ts'

/** Every way to send that there is, and who makes the words of announcements. */
export const PARTS: Parts = {
  channels: { smtp: mailChannel, smpp: smppChannel },
  compose: composeAnnouncement,
}
