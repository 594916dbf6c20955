// Operations that programs have beside those of ../ops: each stands for TensorFlow's own of the same name and means the same, for the
// types and attributes that TensorFlow.js's forward passes have. What they can't do they refuse when they run.
#pragma once

namespace dlctl {

void RegisterArrangingOps();
void RegisterBatchConstantOps();
void RegisterConvolvingOps();
void RegisterElementwiseOps();
void RegisterMovingOps();
void RegisterPoolingOps();
void RegisterProductOps();
void RegisterReducingOps();
void RegisterResizingOps();

void RegisterProgramOps();

}  // namespace dlctl
