import type { Theme } from './theme.types.ts'

/** Manuscript paper, blue-black ink, a green pencil: what pages wear when no sleeve says otherwise. */
export const houseTheme: Theme = {
  scheme: 'auto',
  pairing: 'sleeve',
  light: {
    ground: [0.975, 0.006, 115],
    ink: [0.235, 0.022, 262],
    quiet: [0.455, 0.018, 255],
    accent: [0.45, 0.095, 162],
    onAccent: [0.985, 0.006, 115],
    press: [0.45, 0.095, 162],
    onPress: [0.985, 0.006, 115],
    soft: [0.945, 0.009, 118],
    line: [0.86, 0.012, 120],
  },
  dark: {
    ground: [0.195, 0.014, 255],
    ink: [0.93, 0.008, 110],
    quiet: [0.745, 0.012, 230],
    accent: [0.8, 0.12, 160],
    onAccent: [0.2, 0.03, 165],
    press: [0.8, 0.12, 160],
    onPress: [0.2, 0.03, 165],
    soft: [0.235, 0.015, 252],
    line: [0.345, 0.015, 250],
  },
}
