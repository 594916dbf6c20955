#include "program_ops.h"

namespace dlctl {

void RegisterProgramOps() {
  RegisterArrangingOps();
  RegisterBatchConstantOps();
  RegisterConvolvingOps();
  RegisterElementwiseOps();
  RegisterMovingOps();
  RegisterPoolingOps();
  RegisterProductOps();
  RegisterReducingOps();
  RegisterResizingOps();
}

}  // namespace dlctl
