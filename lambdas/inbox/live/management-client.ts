/** The used parts of the client. A file of its own, loaded lazily, so that bundles omit the rest. */
export {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
