// What runs against a machine with deadlines may miss one where the workstation is busy: it has a second try, and the first one's error is
// printed. What is really wrong fails twice.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
