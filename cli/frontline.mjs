#!/usr/bin/env node
import { register } from 'tsx/esm/api';

// The functions run on a newer Node; the AWS SDK's warning about this one is not for the person who types a command.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
register();
await import('./frontline.ts');
