// Builds static/src into static/build: one stylesheet, one script, the tiny script that says scripts run, and the images used.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { compile, Logger } from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const source = join(here, 'src')
const target = join(here, 'build')
const root = join(here, '..')
const packages = join(root, 'node_modules')
const imageFolder = join(packages, '@ministryofjustice/frontend/moj/assets/images')
const image = /url\("?images\/([^")]+)"?\)/g
// The Royal Arms belong to government departments: their rules go, and with them the three addresses of crests.
const arms = /[^{}]*(?:(?:crest|crown)[^{}]*\{[^{}]*|\{[^{}]*(?:crest|crown)[^{}]*)\}/g

rmSync(target, { recursive: true, force: true })
mkdirSync(join(target, 'images'), { recursive: true })

const { css } = compile(join(source, 'scss/screens.scss'), {
  loadPaths: [root],
  quietDeps: true,
  // MOJ still uses names that govuk-frontend is retiring; only warnings about our own files are worth reading
  logger: { ...Logger.silent, warn: (message, { stack }) => stack?.startsWith('node_modules/') || console.warn(message) },
  style: 'compressed',
})
const { code } = await transform(css.replaceAll(arms, ''), { loader: 'css', minify: true })
writeFileSync(join(target, 'screens.css'), code)
for (const name of new Set([...code.matchAll(image)].map((found) => basename(found[1])))) {
  cpSync(join(imageFolder, name), join(target, 'images', name))
}
cpSync(join(source, 'images'), join(target, 'images'), { recursive: true })

await build({
  entryPoints: [join(source, 'js/screens.js'), join(source, 'js/js-enabled.js')],
  outdir: target,
  bundle: true,
  minify: true,
  format: 'iife',
  legalComments: 'none',
  target: ['es2020'],
  logLevel: 'warning',
})
