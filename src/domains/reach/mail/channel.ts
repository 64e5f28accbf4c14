import type { ChannelKind } from '../channel.types.ts'
import { printingChannel } from './print.ts'

export const mailChannel: ChannelKind = {
  async open(platform) {
    return printingChannel(platform)
  },
}
