// Checks that the subjects of the commits between two revisions follow Conventional Commits.
// Usage: node test/repository/check-commits.mjs BASE HEAD
import { execFileSync } from 'node:child_process';

const SUBJECT =
  /^(?:build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test)(?:\([a-z0-9-]+\))?!?: \S.{0,99}$/;

const [base, head = 'HEAD'] = process.argv.slice(2);
if (base === undefined) {
  console.error('Usage: node test/repository/check-commits.mjs BASE [HEAD]');
  process.exit(2);
}
const subjects = execFileSync('git', ['log', '--no-merges', '--format=%h %s', `${base}..${head}`], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((line) => line !== '');
const wrong = subjects.filter((line) => !SUBJECT.test(line.replace(/^\S+ /, '')));
for (const line of wrong) {
  console.error(`${line}: the subject is not a Conventional Commit, such as "fix(sync): renew the lease"`);
}
console.log(`${subjects.length} commits, ${wrong.length} with another subject`);
process.exitCode = wrong.length > 0 ? 1 : 0;
