/** A sounding WAV (16 bit, 44.1 kHz, stereo): a tone with its octave, faded at both ends. */
export function tone({ seconds = 2, hertz = 220 } = {}): Buffer {
  const rate = 44_100
  const frames = Math.round(rate * seconds)
  const wav = Buffer.alloc(44 + frames * 4)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(36 + frames * 4, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(2, 22)
  wav.writeUInt32LE(rate, 24)
  wav.writeUInt32LE(rate * 4, 28)
  wav.writeUInt16LE(4, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(frames * 4, 40)
  for (let i = 0; i < frames; i++) {
    const fade = Math.min(1, i / 2_000, (frames - i) / 2_000)
    for (const channel of [0, 1]) {
      const phase = (2 * Math.PI * hertz * i) / rate
      const value = fade * (0.4 * Math.sin(phase) + 0.2 * Math.sin(2 * phase + channel))
      wav.writeInt16LE(Math.round(value * 32_000), 44 + i * 4 + channel * 2)
    }
  }
  return wav
}
