import type { Subjects } from '../exchange/index.ts'
import { composeWith } from './announce/compose.ts'
import type { Parts } from './channel.types.ts'
import { mailChannel } from './mail/channel.ts'
import { androidChannel } from './providers/android/channel.ts'
import { smppChannel } from './providers/smpp/channel.ts'
import { twilioChannel } from './providers/twilio/channel.ts'
import { pushChannel } from './push/channel.ts'

/** Every way to send that there is, and who makes the words of announcements. */
export const makeParts = (subjects: Subjects): Parts => ({
  channels: {
    smtp: mailChannel,
    smpp: smppChannel,
    twilio: twilioChannel,
    android: androidChannel,
    vapid: pushChannel,
  },
  compose: composeWith(subjects),
})
