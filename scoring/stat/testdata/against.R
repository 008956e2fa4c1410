# Works out with R what scoring/stat works out, for the test that compares
# them: Rscript against.R FOLDER reads FOLDER/*.csv and writes FOLDER/r.csv,
# lines of case, figure, value.
suppressPackageStartupMessages(library(survival))
folder <- commandArgs(trailingOnly = TRUE)[1]
out <- file(file.path(folder, "r.csv"), "w")
put <- function(case, figure, values) {
  if (length(values) == 0) return(invisible())
  writeLines(paste(case, paste0(figure, ".", seq_along(values) - 1), sprintf("%.17g", as.numeric(values)), sep = ","), out)
}
table <- function(name) read.csv(file.path(folder, paste0(name, ".csv")), colClasses = c(case = "character"))
each <- function(data, f) for (case in unique(data$case)) f(case, data[data$case == case, ])

each(table("waits"), function(case, d) {
  for (type in c("plain", "log", "log-log")) {
    fit <- survfit(Surv(time, came) ~ 1, data = d, conf.type = type)
    if (type == "plain") {
      put(case, "surv", fit$surv)
      put(case, "hazard", fit$std.err^2)
      s <- summary(fit, rmean = d$window[1])$table
      put(case, "rmean", s[c("rmean", "se(rmean)")])
      put(case, "median", s["median"])
    }
    put(case, paste0("low.", type), fit$lower)
    put(case, paste0("high.", type), fit$upper)
    put(case, paste0("medianlow.", type), summary(fit)$table["0.95LCL"])
    put(case, paste0("medianhigh.", type), summary(fit)$table["0.95UCL"])
  }
  if (length(unique(d$cohort)) > 1) {
    # survdiff prints an error where fewer than two cohorts expect an event
    diff <- tryCatch(survdiff(Surv(time, came) ~ cohort, data = d), error = function(e) NULL)
    if (!is.null(diff)) {
      put(case, "logrank", diff$chisq)
      df <- sum(diff$exp > 0) - 1
      put(case, "logrankp", pchisq(diff$chisq, max(df, 0), lower.tail = FALSE))
    }
  }
})

each(table("ends"), function(case, d) {
  if (nrow(d) < 2) return(invisible()) # survfit knows no states in one row
  d$state <- factor(d$cause, levels = -1:2, labels = c("censored", "bounce", "automatic", "human"))
  d$id <- seq_len(nrow(d))
  fit <- survfit(Surv(time, state) ~ 1, data = d, id = id)
  for (k in seq_along(fit$states)) {
    put(case, paste0("p.", fit$states[k]), fit$pstate[, k])
    put(case, paste0("e.", fit$states[k]), fit$std.err[, k])
  }
})

each(table("shares"), function(case, d) {
  one <- suppressWarnings(prop.test(d$k1, d$n1, correct = FALSE))$conf.int
  two <- suppressWarnings(prop.test(d$k2, d$n2, correct = FALSE))$conf.int
  put(case, "wilson", one)
  p <- d$k1 / d$n1
  q <- d$k2 / d$n2
  put(case, "newcombe", c(q - p - sqrt((q - two[1])^2 + (one[2] - p)^2), q - p + sqrt((two[2] - q)^2 + (p - one[1])^2)))
  z <- suppressWarnings(prop.test(c(d$k1, d$k2), c(d$n1, d$n2), correct = FALSE))
  if (!is.nan(z$statistic)) {
    put(case, "z", sign(q - p) * sqrt(z$statistic))
    put(case, "zp", z$p.value)
  }
  put(case, "fisher", fisher.test(matrix(c(d$k1, d$n1 - d$k1, d$k2, d$n2 - d$k2), 2))$p.value)
})

each(table("samples"), function(case, d) {
  a <- d$x[d$side == 1]
  b <- d$x[d$side == 2]
  normal <- suppressWarnings(wilcox.test(a, b, exact = FALSE))
  put(case, "u", normal$statistic)
  if (!is.nan(normal$p.value)) put(case, "unormal", normal$p.value)
  if (!anyDuplicated(d$x) && length(a) < 50 && length(b) < 50) put(case, "uexact", wilcox.test(a, b, exact = TRUE)$p.value)
  if (length(a) > 1 && length(b) > 1 && var(a) + var(b) > 0) {
    welch <- t.test(b, a)
    put(case, "welch", c(welch$statistic, welch$p.value))
    if (var(a) > 0) put(case, "t", t.test(a)$conf.int)
  }
})

each(table("pvalues"), function(case, d) {
  put(case, "holm", p.adjust(d$p, "holm"))
  put(case, "bh", p.adjust(d$p, "BH"))
})

# The bootstrap, with the indices that Go drew.
indices <- table("indices")
each(table("boot"), function(case, d) {
  x <- d$x
  ix <- indices[indices$case == case, ]
  draws <- as.numeric(tapply(ix$index, ix$draw, function(i) mean(x[i + 1])))
  put(case, "draws", draws)
  put(case, "percentile", quantile(draws, c(0.025, 0.975)))
  members <- split(seq_along(x), d$cluster)
  left <- sapply(members, function(out) mean(x[-out]))
  off <- draws - mean(x)
  off[abs(off) <= 1e-12] <- 0
  z0 <- qnorm(mean(off < 0) + mean(off == 0) / 2)
  u <- mean(left) - left
  a <- if (sum(u^2) == 0) 0 else sum(u^3) / (6 * sum(u^2)^1.5)
  z <- z0 + qnorm(c(0.025, 0.975))
  if (is.finite(z0)) put(case, "bca", quantile(draws, pnorm(z0 + z / (1 - a * z))))
})

# Agreement: kappa from the table of both raters, alpha from the matrix of
# coincidences, which the Go does not build.
each(table("ratings"), function(case, d) {
  both <- table2 <- base::table(factor(d$a, levels = 0:3), factor(d$b, levels = 0:3)) / nrow(d)
  po <- sum(diag(both))
  pe <- sum(rowSums(both) * colSums(both))
  put(case, "kappa", (po - pe) / (1 - pe))
  o <- (table2 + t(table2)) * nrow(d)
  n <- sum(o)
  m <- rowSums(o)
  for (metric in c("nominal", "squared")) {
    delta <- outer(0:3, 0:3, if (metric == "nominal") function(x, y) as.numeric(x != y) else function(x, y) (x - y)^2)
    put(case, metric, 1 - (n - 1) * sum(o * delta) / sum(outer(m, m) * delta))
  }
})
close(out)
