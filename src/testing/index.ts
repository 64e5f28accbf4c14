export { FORM, testApp } from './app.ts'
export { freshDatabase } from './database.ts'
export { type TestPlatform, testPlatform } from './platform.ts'
