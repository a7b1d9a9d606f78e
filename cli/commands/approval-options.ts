/** Options of the commands that apply changes. */
export const YES = ['-y, --yes', 'apply every change without asking'] as const;
export const DRY_RUN = ['--dry-run', 'show the changes, and apply none'] as const;
