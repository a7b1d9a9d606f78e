import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** What a message can ask of the conversation around it. */
export interface ComposerActions {
  /** Puts a text into the composer. */
  readonly edit: (text: string) => void;
  readonly openTemplates: () => void;
  readonly openDetails: () => void;
}

export const ComposerActionsContext = createContext<ComposerActions>({
  edit: () => undefined,
  openTemplates: () => undefined,
  openDetails: () => undefined,
});

export function useComposerActions(): ComposerActions {
  return useContext(ComposerActionsContext);
}
