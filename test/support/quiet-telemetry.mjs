// Unit tests of handlers are about what they do; what they log is searched by the integration tests.
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED = 'true';
